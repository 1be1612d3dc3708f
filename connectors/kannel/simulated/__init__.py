"""What the simulator is made of: its sendsms door, and the calls it makes."""
