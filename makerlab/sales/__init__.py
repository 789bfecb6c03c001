"""Price lists with versions, and the page for sales staff on the phone."""
