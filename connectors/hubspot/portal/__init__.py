"""A small account with a memory, which answers, delivers and refuses the way HubSpot describes."""
