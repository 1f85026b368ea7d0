namespace Messaging.Contract.Tests;

public sealed class WaitingData : ContainSagaData
{
    public string Order { get; set; } = "";

    public string? Carrier { get; set; }
}

/// <summary>Asks a carrier, and answers its originator when its time has come.</summary>
public sealed class WaitingSaga(Notes notes) : Saga<WaitingData>,
    IAmStartedByMessages<PlaceOrder>,
    IHandleMessages<CarrierAgreed>,
    IHandleTimeouts<ShippingOverdue>
{
    public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
        context.Send(new AskCarrier(Data.Order));

    public Task Handle(CarrierAgreed message, IMessageHandlerContext context)
    {
        Data.Carrier = message.Carrier;
        notes.Add($"agreed {message.Carrier}", context);
        return RequestTimeout(context, TimeSpan.FromSeconds(3), new ShippingOverdue("time is up"));
    }

    public Task Timeout(ShippingOverdue state, IMessageHandlerContext context) =>
        ReplyToOriginator(context, new ShippingOverdue($"{Data.Order} by {Data.Carrier}"));

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<WaitingData> mapper) =>
        mapper.MapSaga(saga => saga.Order).ToMessage<PlaceOrder>(message => message.Order);
}
