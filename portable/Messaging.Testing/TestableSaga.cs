using System.Diagnostics;
using Portable.Messaging.Handling;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Testing;

/// <summary>Runs a saga in memory, over many messages, with a clock of its own: what it sends to itself is queued, its
/// timeouts come as time is advanced, replies can be simulated.</summary>
[DebuggerDisplay("TestableSaga for {typeof(TSaga).FullName}")]
public class TestableSaga<TSaga, TSagaData>
    where TSaga : Saga<TSagaData>
    where TSagaData : class, IContainSagaData, new()
{
    private readonly Func<TSaga> sagaFactory;
    private readonly SagaModel model;
    private readonly Dictionary<(Type, bool), HandlerInvoker> handlers = [];
    private readonly SagaMemory<TSagaData> memory;
    private readonly Queue<QueuedSagaMessage> queue = [];
    private readonly List<(DateTime At, OutgoingMessage<object, SendOptions> Message)> delayed = [];
    private readonly Dictionary<Type, List<(Type Reply, Func<object, object?> Simulate)>> replies = [];

    /// <param name="sagaFactory">Makes the saga for each message; by default its constructor without
    /// parameters.</param>
    /// <param name="initialCurrentTime">Where the clock starts, UTC; by default now.</param>
    public TestableSaga(Func<TSaga>? sagaFactory = null, DateTime? initialCurrentTime = null)
    {
        this.sagaFactory = sagaFactory ?? Activator.CreateInstance<TSaga>;
        CurrentTime = initialCurrentTime ?? DateTime.UtcNow;
        model = SagaModel.Of(typeof(TSaga));
        memory = new SagaMemory<TSagaData>(model.Correlation ?? throw new InvalidOperationException(
            $"Saga {typeof(TSaga).Name} can't be tested: it has no correlation property (mapper.MapSaga)."));
        foreach (var implemented in typeof(TSaga).GetInterfaces().Where(i => i.IsGenericType))
        {
            var definition = implemented.GetGenericTypeDefinition();
            var timeout = definition == typeof(IHandleTimeouts<>);
            if (timeout || definition == typeof(IHandleMessages<>))
            {
                var type = implemented.GetGenericArguments()[0];
                handlers[(type, timeout)] = new HandlerInvoker(typeof(TSaga), type, timeout, model);
            }
        }
    }

    /// <summary>The saga's clock, UTC.</summary>
    public DateTime CurrentTime { get; private set; }

    public bool HasQueuedMessages => queue.Count > 0;

    public int QueueLength => queue.Count;

    /// <summary>The next queued message.</summary>
    public QueuedSagaMessage QueuePeek() => queue.Peek();

    /// <summary>Lets the saga handle a message. Null when the message is for a saga that has completed.</summary>
    public Task<HandleResult> Handle<TMessage>(
        TMessage message,
        TestableMessageHandlerContext? context = null,
        IReadOnlyDictionary<string, string>? messageHeaders = null) =>
        Run(
            new QueuedSagaMessage(typeof(TMessage), message!, messageHeaders),
            isTimeout: false,
            context ?? new TestableMessageHandlerContext());

    /// <summary>Lets a saga handle a reply to what it sent, found by the saga's id.</summary>
    public Task<HandleResult> HandleReply<TMessage>(
        Guid sagaId,
        TMessage message,
        TestableMessageHandlerContext? context = null,
        IReadOnlyDictionary<string, string>? messageHeaders = null) =>
        Run(
            new QueuedSagaMessage(typeof(TMessage), message!, messageHeaders, sagaId),
            isTimeout: false,
            context ?? new TestableMessageHandlerContext());

    /// <summary>Lets the saga handle what it has sent to itself, or a simulated reply.</summary>
    public Task<HandleResult> HandleQueuedMessage(TestableMessageHandlerContext? context = null) =>
        queue.TryDequeue(out var message)
            ? Run(message, isTimeout: false, context ?? new TestableMessageHandlerContext())
            : throw new InvalidOperationException("There are no queued messages.");

    /// <summary>Answers every <typeparamref name="TSagaMessage"/> the saga sends with a queued reply; null for
    /// none.</summary>
    public void SimulateReply<TSagaMessage, TReplyMessage>(Func<TSagaMessage, TReplyMessage> simulateReply)
    {
        if (!Handles(typeof(TReplyMessage)))
        {
            throw new InvalidOperationException(
                $"Saga {typeof(TSaga).Name} does not handle {typeof(TReplyMessage).FullName}.");
        }

        if (!replies.TryGetValue(typeof(TSagaMessage), out var simulators))
        {
            replies[typeof(TSagaMessage)] = simulators = [];
        }

        simulators.Add((typeof(TReplyMessage), message => simulateReply((TSagaMessage)message)));
    }

    /// <summary>Moves the clock on and lets the saga handle what falls due, in order of its time.</summary>
    public async Task<HandleResult[]> AdvanceTime(
        TimeSpan timeToAdvance,
        Func<OutgoingMessage<object, SendOptions>, TestableMessageHandlerContext>? provideContext = null,
        CancellationToken cancellationToken = default)
    {
        var until = CurrentTime + timeToAdvance;
        var due = delayed.Where(d => d.At <= until).OrderBy(d => d.At).ToArray();
        delayed.RemoveAll(d => d.At <= until);
        var results = new List<HandleResult>();
        foreach (var (at, message) in due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CurrentTime = at;
            var context = provideContext?.Invoke(message) ?? new TestableMessageHandlerContext();
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(
                context.CancellationToken, cancellationToken);
            context.CancellationToken = linked.Token;
            var result = await Run(
                new QueuedSagaMessage(message.Message.GetType(), message.Message, message.Options.GetHeaders()),
                message is TimeoutMessage<object>,
                context);
            if (result is not null)
            {
                results.Add(result);
            }
        }

        CurrentTime = until;
        return [.. results];
    }

    private bool Handles(Type type) => handlers.ContainsKey((type, false)) || handlers.ContainsKey((type, true));

    private async Task<HandleResult> Run(
        QueuedSagaMessage message, bool isTimeout, TestableMessageHandlerContext context)
    {
        if (Load(message, context) is not { } data)
        {
            // As for a message that comes after the saga has completed.
            return null!;
        }

        if (!handlers.TryGetValue((message.Type, isTimeout), out var handler))
        {
            throw new InvalidOperationException(
                $"Saga {typeof(TSaga).Name} has no {(isTimeout ? "IHandleTimeouts" : "IHandleMessages")} of "
                + $"{message.Type.FullName}.");
        }

        var saga = sagaFactory();
        saga.Data = data;
        await handler.Invoke(saga, message.Message, context);
        if (saga.Completed)
        {
            memory.Remove(data.Id);
        }
        else
        {
            memory.Save(saga.Data);
        }

        Enqueue(context, data.Id);
        return new HandleResult(saga, message, context);
    }

    private TSagaData? Load(QueuedSagaMessage message, TestableMessageHandlerContext context)
    {
        if (message.Headers.TryGetValue(Headers.SagaId, out var id) && Guid.TryParse(id, out var sagaId))
        {
            return memory.Get(sagaId);
        }

        var finder = model.FinderOf([message.Type]) as CorrelationFinder ?? throw new InvalidOperationException(
            $"Saga {typeof(TSaga).Name} does not map {message.Type.Name} to its correlation property, and the message "
            + "carries no saga id (HandleReply).");
        var value = finder.ValueOf(message.Message, message.Headers);
        if (memory.Find(value) is { } found)
        {
            return found;
        }

        if (!model.IsStartedBy([message.Type]))
        {
            throw new InvalidOperationException(
                $"There is no saga {typeof(TSaga).Name} with {model.Correlation!.Name} '{value}', and "
                + $"{message.Type.FullName} may not start one.");
        }

        var data = new TSagaData
        {
            Id = Guid.NewGuid(),
            Originator = message.Headers.GetValueOrDefault(Headers.ReplyToAddress) ?? context.ReplyToAddress,
        };
        model.Correlation!.Write(data, value);
        return data;
    }

    private void Enqueue(TestableMessageHandlerContext context, Guid sagaId)
    {
        foreach (var timeout in context.TimeoutMessages)
        {
            delayed.Add((timeout.At?.UtcDateTime ?? CurrentTime + timeout.Within!.Value, timeout));
        }

        foreach (var sent in context.SentMessages)
        {
            if (!sent.Options.GetHeaders().ContainsKey(Headers.IsSagaTimeoutMessage))
            {
                Enqueue(sent, sagaId);
            }
        }

        foreach (var published in context.PublishedMessages.Where(p => Handles(p.Message.GetType())))
        {
            queue.Enqueue(new QueuedSagaMessage(
                published.Message.GetType(), published.Message, published.Options.GetHeaders(), sagaId));
        }
    }

    private void Enqueue(SentMessage<object> sent, Guid sagaId)
    {
        var type = sent.Message.GetType();
        if (Handles(type))
        {
            if (sent.Options.GetDeliveryDelay() is { } delay)
            {
                delayed.Add((CurrentTime + delay, sent));
            }
            else if (sent.Options.GetDeliveryDate() is { } date)
            {
                delayed.Add((date.UtcDateTime, sent));
            }
            else
            {
                queue.Enqueue(new QueuedSagaMessage(type, sent.Message, sent.Options.GetHeaders(), sagaId));
            }
        }
        else if (replies.TryGetValue(type, out var simulators))
        {
            foreach (var (replyType, simulate) in simulators)
            {
                if (simulate(sent.Message) is { } reply)
                {
                    queue.Enqueue(new QueuedSagaMessage(replyType, reply, sagaId: sagaId));
                }
            }
        }
    }

    /// <summary>What became of one message.</summary>
    [DebuggerDisplay("HandleResult: {HandledMessage.Message}")]
    public class HandleResult
    {
        internal HandleResult(TSaga saga, QueuedSagaMessage message, TestableMessageHandlerContext context)
        {
            (SagaId, Completed, HandledMessage, Context) = (saga.Data.Id, saga.Completed, message, context);
            SagaDataSnapshot = SagaMemory<TSagaData>.Copy(saga.Data);
        }

        public Guid SagaId { get; }

        public bool Completed { get; }

        public QueuedSagaMessage HandledMessage { get; }

        public TestableMessageHandlerContext Context { get; }

        /// <summary>A copy of the data as it was after the message.</summary>
        public TSagaData SagaDataSnapshot { get; }

        public TMessage FindSentMessage<TMessage>() => Context.FindSentMessage<TMessage>();

        public TMessage FindPublishedMessage<TMessage>() => Context.FindPublishedMessage<TMessage>();

        public TMessage FindTimeoutMessage<TMessage>() => Context.FindTimeoutMessage<TMessage>();

        public TMessage FindReplyMessage<TMessage>() => Context.FindReplyMessage<TMessage>();
    }
}
