"""Endpoints that are told what happens, as people make and look after them."""
