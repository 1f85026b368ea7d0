namespace Messaging.Contract.Tests;

public sealed class ShippingData : ContainSagaData
{
    public Guid Shipment { get; set; }

    public int? Expected { get; set; }

    public List<int> Packed { get; set; } = [];
}

/// <summary>Collects parcels; either message may come first.</summary>
public sealed class ShippingSaga : Saga<ShippingData>,
    IAmStartedByMessages<StartShipping>,
    IAmStartedByMessages<PackParcel>,
    IHandleTimeouts<ShippingOverdue>
{
    public async Task Handle(StartShipping message, IMessageHandlerContext context)
    {
        Data.Expected = message.Parcels;
        await RequestTimeout(context, TimeSpan.FromSeconds(3), new ShippingOverdue("overdue"));
        await FinishWhenComplete(context);
    }

    public Task Handle(PackParcel message, IMessageHandlerContext context)
    {
        Data.Packed.Add(message.Number);
        return FinishWhenComplete(context);
    }

    public Task Timeout(ShippingOverdue state, IMessageHandlerContext context) =>
        ReplyToOriginator(context, new ShippingOverdue($"{state.Why}: {Data.Shipment}"));

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<ShippingData> mapper) =>
        mapper.MapSaga(saga => saga.Shipment)
            .ToMessage<StartShipping>(message => message.Shipment)
            .ToMessage<PackParcel>(message => message.Shipment);

    private async Task FinishWhenComplete(IMessageHandlerContext context)
    {
        if (Data.Packed.Count == Data.Expected)
        {
            await ReplyToOriginator(context, new ShippingDone(Data.Shipment, Data.Packed.Count));
            MarkAsComplete();
        }
    }
}
