namespace Workflows.Fulfilment;

/// <summary>What the fulfilment of an order is waiting for.</summary>
public enum FulfilmentStep
{
    /// <summary>The order has not been heard of.</summary>
    None,

    ReservingStock,
    AuthorizingPayment,
    ConfirmingOrder,
    AwaitingDispatch,
    CapturingPayment,
    ShippingStock,

    CancelingShipment,
    VoidingPayment,
    ReleasingStock,
}
