"""What the simulator is made of: its memory, its documents, its HTTP and its postman."""
