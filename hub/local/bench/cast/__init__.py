"""The bench's own vendors: a shop and a carrier as cheap as such things can be, so that what is
measured is the hub."""
