"""What forms and filters of several subjects let people choose from."""

from app.models.places import Province
from app.views.shell.list_arguments import offered

# In Thai order.
PROVINCES = offered(Province.id, Province.name, Province.name_sort)
