"""What the simulator is made of: its memory of what it carried."""
