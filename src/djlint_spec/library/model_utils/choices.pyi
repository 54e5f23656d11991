from model_utils import Choices as Choices
