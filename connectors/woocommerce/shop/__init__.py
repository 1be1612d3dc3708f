"""A small shop with a memory, which answers and delivers the way WooCommerce 9.9 was seen to."""
