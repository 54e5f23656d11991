from wagtail.models import GroupSitePermission as GroupSitePermission
from wagtail.models import Site as Site
from wagtail.models import SiteManager as SiteManager
from wagtail.models import SiteRootPath as SiteRootPath
