using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>A delivery and the lane that it was taken from.</summary>
internal readonly record struct LaneDelivery(Lane Lane, Delivery Delivery);
