namespace Messaging.Contract.Tests;

// The messages of the tests: orders and shipments.

public sealed record PlaceOrder(string Order, decimal Total) : ICommand;

public sealed record CheckOrder(string Order) : ICommand;

public sealed record OrderAccepted(string Order) : IMessage;

public interface IOrderEvent : IEvent
{
    string Order { get; }
}

public record OrderPlaced(string Order) : IOrderEvent;

public sealed record RushOrderPlaced(string Order) : OrderPlaced(Order);

public sealed record StartShipping(Guid Shipment, int Parcels) : ICommand;

public sealed record PackParcel(Guid Shipment, int Number) : ICommand;

public sealed record ShippingOverdue(string Why) : IMessage;

public sealed record ShippingDone(Guid Shipment, int Parcels) : IMessage;

public sealed record AskCarrier(string Shipment) : ICommand;

public sealed record CarrierAgreed(string Carrier) : IMessage;

public sealed record Count(string Text, int Number, Guid Id) : ICommand;
