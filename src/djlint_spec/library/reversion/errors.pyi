from reversion.models import RevertError as RevertError
