"""A whole lab to try: invented people, objects of our own, real OctoPrints on virtual printers."""
