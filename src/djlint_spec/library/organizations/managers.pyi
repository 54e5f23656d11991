from organizations.base import ActiveOrgManager as ActiveOrgManager
from organizations.base import OrgManager as OrgManager
