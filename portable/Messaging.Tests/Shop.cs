namespace Portable.Messaging.Tests;

// The messages of the tests: a little shop.

public sealed record PlaceOrder(string OrderId, decimal Total) : ICommand;

public sealed record OrderAccepted(string OrderId) : IMessage;

public interface IShopEvent : IEvent
{
    string OrderId { get; }
}

public sealed record OrderPlaced(string OrderId) : IShopEvent;

public sealed record StartShipping(Guid ShipmentId, int Parcels) : ICommand;

public sealed record ParcelPacked(Guid ShipmentId, int Number) : ICommand;

public sealed record ShippingOverdue(string Why) : IMessage;
