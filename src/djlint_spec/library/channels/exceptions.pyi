from channels.consumer import StopConsumer as StopConsumer
from channels.generic.websocket import AcceptConnection as AcceptConnection
from channels.generic.websocket import DenyConnection as DenyConnection
from channels.generic.websocket import InvalidChannelLayerError as InvalidChannelLayerError
from channels.layers import ChannelFull as ChannelFull
