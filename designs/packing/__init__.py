"""Ways to put copies of one outline on a rectangle; `designs.arrange` takes the best of them."""
