from i18nfield.fields import I18nFormField as I18nFormField
from i18nfield.fields import I18nTextarea as I18nTextarea
from i18nfield.fields import I18nTextInput as I18nTextInput
