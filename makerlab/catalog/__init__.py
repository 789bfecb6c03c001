"""Partners, designs and their revisions, checks, estimates and reviews."""
