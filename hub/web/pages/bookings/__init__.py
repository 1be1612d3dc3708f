"""The bookings board: who comes, who has not answered, who wants another slot, what is free."""
