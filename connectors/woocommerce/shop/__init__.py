"""A small shop with a memory, which answers and delivers the way WooCommerce 9.9 was seen to; codes
and the link that fills a basket are as the source of WooCommerce 10 has them."""
