"""Orders, plates and attempts: from "five pieces, please" to pieces with a name beside them."""
