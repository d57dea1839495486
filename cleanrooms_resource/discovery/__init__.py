"""What an account has at AWS, read and never changed, and written as a program, as a stack's configuration or as JSON."""
