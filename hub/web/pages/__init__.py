"""The pages that people sign in to: the same rows as the API shows, in five languages."""
