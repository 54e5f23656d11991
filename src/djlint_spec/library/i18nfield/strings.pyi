from i18nfield.fields import LazyI18nString as LazyI18nString
