namespace Messaging.Contract.Tests;

public sealed class AskingData : ContainSagaData
{
    public string Order { get; set; } = "";
}

/// <summary>Asks a carrier, whose answer names no order.</summary>
public sealed class AskingSaga(Notes notes) : Saga<AskingData>,
    IAmStartedByMessages<PlaceOrder>,
    IHandleMessages<CarrierAgreed>,
    IHandleMessages<CheckOrder>
{
    public Task Handle(PlaceOrder message, IMessageHandlerContext context) =>
        context.Send(new AskCarrier(Data.Order));

    public Task Handle(CarrierAgreed message, IMessageHandlerContext context)
    {
        notes.Add($"{Data.Order} by {message.Carrier}", context);
        return Task.CompletedTask;
    }

    public Task Handle(CheckOrder message, IMessageHandlerContext context) => Task.CompletedTask;

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<AskingData> mapper)
    {
        mapper.MapSaga(saga => saga.Order)
            .ToMessage<PlaceOrder>(message => message.Order)
            .ToMessage<CheckOrder>(message => message.Order);
        mapper.ConfigureNotFoundHandler<NoSuchSaga>();
    }
}

/// <summary>Hears of messages that found no saga.</summary>
public sealed class NoSuchSaga(Notes notes) : ISagaNotFoundHandler
{
    public Task Handle(object message, IMessageProcessingContext context)
    {
        notes.Add($"no saga for {((CheckOrder)message).Order}", context);
        return Task.CompletedTask;
    }
}
