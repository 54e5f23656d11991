from redis import Subscription as Subscription
