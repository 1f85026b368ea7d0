namespace Portable.Messaging;

/// <summary>A process over several messages with data of its own. Derive from <see cref="Saga{TSagaData}"/>.</summary>
public abstract class Saga
{
    /// <summary>The saga's data.</summary>
    public IContainSagaData Entity { get; set; } = null!;

    /// <summary>True after <see cref="MarkAsComplete"/>: the data is deleted when the message commits.</summary>
    public bool Completed { get; private set; }

    protected internal abstract void ConfigureHowToFindSaga(
        IConfigureHowToFindSagaWithMessage sagaMessageFindingConfiguration);

    /// <summary>Asks for a timeout message at a date.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(IMessageHandlerContext context, DateTimeOffset at)
        where TTimeoutMessageType : new() =>
        RequestTimeout(context, at, new TTimeoutMessageType());

    /// <summary>Asks for this timeout message at a date.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(
        IMessageHandlerContext context, DateTimeOffset at, TTimeoutMessageType timeoutMessage)
    {
        var options = TimeoutOptions<TTimeoutMessageType>();
        options.DoNotDeliverBefore(at);
        return context.Send(timeoutMessage!, options);
    }

    /// <summary>Asks for a timeout message after a delay.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(IMessageHandlerContext context, TimeSpan within)
        where TTimeoutMessageType : new() =>
        RequestTimeout(context, within, new TTimeoutMessageType());

    /// <summary>Asks for this timeout message after a delay.</summary>
    protected Task RequestTimeout<TTimeoutMessageType>(
        IMessageHandlerContext context, TimeSpan within, TTimeoutMessageType timeoutMessage)
    {
        var options = TimeoutOptions<TTimeoutMessageType>();
        options.DelayDeliveryWith(within);
        return context.Send(timeoutMessage!, options);
    }

    /// <summary>Answers whoever sent the message that started this saga, correlated with that message.</summary>
    /// <exception cref="InvalidOperationException">The sender has no address: a send-only endpoint.</exception>
    protected Task ReplyToOriginator(
        IMessageHandlerContext context, object message, IReadOnlyDictionary<string, string>? outgoingHeaders = null)
    {
        if (string.IsNullOrEmpty(Entity.Originator))
        {
            throw new InvalidOperationException(
                $"Saga {GetType().Name} {Entity.Id} has no originator to reply to: the message that started it "
                + "carried no reply address, as those of a send-only endpoint do.");
        }

        var options = new ReplyOptions
        {
            Destination = Entity.Originator,
            CorrelationId = Entity.OriginalMessageId,
            WithoutSagaHeaders = true,
        };
        if (outgoingHeaders is not null)
        {
            foreach (var (name, value) in outgoingHeaders)
            {
                options.OutgoingHeaders[name] = value;
            }
        }

        return context.Reply(message, options);
    }

    /// <summary>Ends the saga: its data is deleted and later messages to it are "not found".</summary>
    protected void MarkAsComplete() => Completed = true;

    private SendOptions TimeoutOptions<TTimeoutMessageType>()
    {
        if (this is not IHandleTimeouts<TTimeoutMessageType>)
        {
            throw new InvalidOperationException(
                $"Saga {GetType().Name} asks for a timeout of type {typeof(TTimeoutMessageType).Name} but does not "
                + $"implement IHandleTimeouts<{typeof(TTimeoutMessageType).Name}>.");
        }

        var options = new SendOptions();
        options.RouteToThisEndpoint();
        options.SetHeader(Headers.SagaId, Entity.Id.ToString());
        options.SetHeader(Headers.IsSagaTimeoutMessage, bool.TrueString);
        options.SetHeader(Headers.SagaType, GetType().AssemblyQualifiedName!);
        return options;
    }
}

/// <summary>A process over several messages. One instance per correlation value handles its messages one at a time;
/// its data, what it sends and what it handles commit together.</summary>
public abstract class Saga<TSagaData> : Saga
    where TSagaData : class, IContainSagaData, new()
{
    /// <summary>What this saga remembers.</summary>
    public TSagaData Data
    {
        get => (TSagaData)Entity;
        set => Entity = value;
    }

    protected internal override void ConfigureHowToFindSaga(
        IConfigureHowToFindSagaWithMessage sagaMessageFindingConfiguration) =>
        ConfigureHowToFindSaga(new SagaPropertyMapper<TSagaData>(sagaMessageFindingConfiguration));

    /// <summary>Says which property of the data identifies the saga and how each message leads to it.</summary>
    protected abstract void ConfigureHowToFindSaga(SagaPropertyMapper<TSagaData> mapper);
}
