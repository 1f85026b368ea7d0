namespace Messaging.Contract.Tests;

// One saga for each type of correlation property; each counts its messages.

public sealed class TextData : ContainSagaData
{
    public string Key { get; set; } = "";

    public int Times { get; set; }
}

public sealed class NumberData : ContainSagaData
{
    public int Key { get; set; }

    public int Times { get; set; }
}

public sealed class GuidData : ContainSagaData
{
    public Guid Key { get; set; }

    public int Times { get; set; }
}

public sealed class HeaderData : ContainSagaData
{
    public string Key { get; set; } = "";

    public int Times { get; set; }
}

public sealed class TextSaga(Notes notes) : Saga<TextData>, IAmStartedByMessages<Count>
{
    public Task Handle(Count message, IMessageHandlerContext context)
    {
        notes.Add($"text {++Data.Times}");
        return Task.CompletedTask;
    }

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<TextData> mapper) =>
        mapper.MapSaga(saga => saga.Key).ToMessage<Count>(message => message.Text);
}

public sealed class NumberSaga(Notes notes) : Saga<NumberData>, IAmStartedByMessages<Count>
{
    public Task Handle(Count message, IMessageHandlerContext context)
    {
        notes.Add($"number {++Data.Times}");
        return Task.CompletedTask;
    }

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<NumberData> mapper) =>
        mapper.MapSaga(saga => saga.Key).ToMessage<Count>(message => message.Number);
}

public sealed class GuidSaga(Notes notes) : Saga<GuidData>, IAmStartedByMessages<Count>
{
    public Task Handle(Count message, IMessageHandlerContext context)
    {
        notes.Add($"guid {++Data.Times}");
        return Task.CompletedTask;
    }

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<GuidData> mapper) =>
        mapper.MapSaga(saga => saga.Key).ToMessage<Count>(message => message.Id);
}

public sealed class HeaderSaga(Notes notes) : Saga<HeaderData>, IAmStartedByMessages<Count>
{
    public Task Handle(Count message, IMessageHandlerContext context)
    {
        notes.Add($"header {++Data.Times}");
        return Task.CompletedTask;
    }

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<HeaderData> mapper) =>
        mapper.MapSaga(saga => saga.Key).ToMessageHeader<Count>("Key");
}
