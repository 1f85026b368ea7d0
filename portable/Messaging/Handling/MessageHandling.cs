using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Messages;
using Portable.Messaging.Persistence;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Pipeline;
using Portable.Messaging.Sagas;
using Portable.Messaging.Sending;
using Portable.Messaging.Tracing;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Handling;

/// <summary>Handles one message: reads it, finds its handlers and sagas, runs them in one transaction and returns what
/// they sent.</summary>
internal sealed class MessageHandling(
    HandlerMap handlers,
    MessageTypes types,
    MessageReader reader,
    SqlStorage? storage,
    OutgoingMessages outgoing,
    Publisher publisher,
    PipelineSettings pipeline,
    IServiceProvider services,
    HandlingMetrics metrics,
    ILogger logger)
{
    private const int Attempts = 5;

    private readonly IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
    private readonly BehaviorChain<IIncomingPhysicalMessageContext> physical = new(pipeline, services);
    private readonly BehaviorChain<IIncomingLogicalMessageContext> logical = new(pipeline, services);
    private readonly BehaviorChain<IInvokeHandlerContext> invoking = new(pipeline, services);

    /// <summary>Handles the message and commits. When another message changed a saga meanwhile, handles it again from
    /// fresh state.</summary>
    /// <param name="typeKnown">Told the message's type as soon as it is known.</param>
    public async Task<HandledMessage> Handle(
        IncomingMessage incoming, Action<Type> typeKnown, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await HandleOnce(incoming, typeKnown, cancellationToken);
            }
            catch (SagaConcurrencyException e) when (attempt < Attempts)
            {
                logger.LogInformation(e, "Message '{MessageId}' is handled again (attempt {Attempt})",
                    incoming.MessageId, attempt + 1);
            }
        }
    }

    private async Task<HandledMessage> HandleOnce(
        IncomingMessage incoming, Action<Type> typeKnown, CancellationToken cancellationToken)
    {
        // A behavior on the bytes may decrypt them: then nothing can be read, nor a saga loaded, before it has run.
        Reading? reading = physical.IsEmpty ? reader.Read(incoming, typeKnown) : null;
        if (storage is null)
        {
            return (await HandleIn(null, reading, incoming, typeKnown, cancellationToken))!;
        }

        var (session, sent) = await storage.Open(incoming.MessageId, reading?.Lookups ?? [], cancellationToken);
        if (sent is not null)
        {
            logger.LogInformation("Message '{MessageId}' was handled before", incoming.MessageId);
            return Known(sent, incoming);
        }

        HandledMessage? handled;
        try
        {
            handled = await HandleIn(session, reading, incoming, typeKnown, cancellationToken);
        }
        catch (Exception)
        {
            await session!.Abandon();
            throw;
        }

        await session!.Close();
        return handled ?? await Duplicate(incoming, cancellationToken);
    }

    /// <summary>Null when the message was handled by another meanwhile.</summary>
    private async Task<HandledMessage?> HandleIn(
        SqlSession? session,
        Reading? reading,
        IncomingMessage incoming,
        Action<Type> typeKnown,
        CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new HandlingContext(incoming, outgoing, publisher, scope.ServiceProvider, cancellationToken);
        if (session is not null)
        {
            context.SynchronizedStorageSession = session;
            scope.ServiceProvider.GetRequiredService<MessageScope>().Session = session;
        }

        var run = new Run(context, session);
        if (reading is not null)
        {
            await Handle(run, reading);
        }
        else
        {
            await physical.Run(context, async () =>
            {
                reading = reader.Read(incoming, typeKnown);
                await Load(run, reading.Lookups);
                await Handle(run, reading);
            });
        }

        if (RetryAcknowledgement.For(incoming.Headers) is { } acknowledgement)
        {
            context.Pending.Add(acknowledgement);
        }

        if (session is not null && !await storage!.Commit(
            session, incoming.MessageId, run.Changes(), context.Pending, cancellationToken))
        {
            return null;
        }

        return new HandledMessage(context.Pending, IsDuplicate: false, Stored: storage is { HasOutbox: true });
    }

    private static HandledMessage Known(List<OutgoingOperation> sent, IncomingMessage incoming)
    {
        // What was sent then has left the outbox: this delivery of the message is acknowledged all the same.
        if (sent.Count == 0 && RetryAcknowledgement.For(incoming.Headers) is { } acknowledgement)
        {
            sent = [acknowledgement];
        }

        Activity.Current?.SetTag("nservicebus.outbox.deduplicate-message", true);
        return new HandledMessage(sent, IsDuplicate: true, Stored: true);
    }

    private async Task<HandledMessage> Duplicate(IncomingMessage incoming, CancellationToken cancellationToken)
    {
        var (session, sent) = await storage!.Open(incoming.MessageId, [], cancellationToken);
        if (sent is null)
        {
            await session!.Close();
            throw new InvalidOperationException(
                $"Message '{incoming.MessageId}' was being handled twice and is recorded by neither; it is retried.");
        }

        logger.LogInformation("Message '{MessageId}' was handled by another meanwhile", incoming.MessageId);
        return Known(sent, incoming);
    }

    private async Task Handle(Run run, Reading reading)
    {
        if (reading.Message is not { } message)
        {
            return;
        }

        run.Context.Logical = new LogicalMessage(message.GetType(), message);
        run.Lookups = reading.Lookups;
        if (logical.IsEmpty)
        {
            await Invoke(run, reading.Invokers);
            return;
        }

        await logical.Run(run.Context, async () =>
        {
            var invokers = reading.Invokers;
            if (!ReferenceEquals(run.Context.Logical.Instance, message))
            {
                // A behavior has put another message in its place.
                var type = types.Of(run.Context.Logical.MessageType);
                invokers = handlers.For(type.Type);
                run.Lookups = SagaRouter.Lookups(invokers, type, run.Context.Logical.Instance, run.Context.Incoming);
                await Load(run, run.Lookups);
            }

            await Invoke(run, invokers);
        });
    }

    private Task Load(Run run, List<SagaLookup> lookups) => run.Session is { } session && lookups.Count > 0
        ? storage!.Load(session, lookups, run.Context.CancellationToken)
        : Task.CompletedTask;

    private async Task Invoke(Run run, HandlerInvoker[] invokers)
    {
        var context = run.Context;
        if (invokers.Length == 0 && !context.MessageHandled)
        {
            throw new MissingHandlerException(context.Logical.MessageType, context.MessageId);
        }

        foreach (var invoker in invokers)
        {
            if (context.HandlerInvocationAborted)
            {
                return;
            }

            if (SagaRouter.TakesPart(invoker, context.Incoming))
            {
                await Invoke(run, invoker);
            }
        }
    }

    private async Task Invoke(Run run, HandlerInvoker invoker)
    {
        var context = run.Context;
        var message = context.Logical.Instance;
        var instance = invoker.Create(context.Builder);
        try
        {
            context.Saga = invoker.Saga is { } model ? await Activate(run, model) : null;
            if (context.Saga is { NotFound: true } missing)
            {
                await NotFound(missing, context);
                return;
            }

            if (context.Saga is { } saga)
            {
                ((Saga)instance).Entity = saga.Data!;
            }

            context.MessageHandler = new BoundHandler(invoker)
            {
                HandlerType = invoker.HandlerType,
                Instance = instance,
            };
            using var activity = Activities.StartHandler(invoker.HandlerType);
            if (context.Saga is { } active)
            {
                activity?.SetTag("nservicebus.handler.saga_id", active.Data!.Id.ToString());
            }

            await Measure(invoker, activity, context, message);
            if (context.Saga is { } handled)
            {
                handled.Completed |= ((Saga)instance).Completed;
            }

            context.MessageHandled = true;
        }
        finally
        {
            context.Saga = null;
            await Dispose(instance);
        }
    }

    private async Task Measure(
        HandlerInvoker invoker, Activity? activity, HandlingContext context, object message)
    {
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.GetTimestamp();
        try
        {
            if (invoking.IsEmpty)
            {
                await context.MessageHandler.Invoke(message, context);
            }
            else
            {
                await invoking.Run(
                    context, () => context.MessageHandler.Invoke(context.MessageBeingHandled, context));
            }

            activity?.SetStatus(ActivityStatusCode.Ok);
            metrics.HandlerRan(message.GetType(), invoker.HandlerType, Stopwatch.GetElapsedTime(clock), null);
        }
        catch (Exception e)
        {
            Activities.Fail(activity, e);
            metrics.HandlerRan(message.GetType(), invoker.HandlerType, Stopwatch.GetElapsedTime(clock), e);
            e.Data["Message type"] = message.GetType().FullName;
            e.Data["Handler type"] = invoker.HandlerType.FullName;
            e.Data["Handler start time"] = DateTimeOffsetHelper.ToWireFormattedString(started);
            e.Data["Handler failure time"] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow);
            e.Data["Handler canceled"] = context.CancellationToken.IsCancellationRequested;
            throw;
        }
    }

    private async Task<ActiveSaga> Activate(Run run, SagaModel model)
    {
        if (run.Active(model) is { } active)
        {
            return active;
        }

        var context = run.Context;
        var session = run.Session ?? throw new InvalidOperationException(
            $"Saga {model.SagaType.Name} needs a persistence: configure UsePersistence<SqlPersistence>().");
        var type = types.Of(context.Logical.MessageType);
        var lookup = run.Lookups.FirstOrDefault(l => l.Model == model);
        if (lookup is null && model.FinderOf(type.Hierarchy) is CustomFinder finder)
        {
            var data = await finder.Find(
                context.Builder, context.Logical.Instance, session, context.Extensions, context.CancellationToken);
            lookup = new SagaLookup(
                model, data?.Id ?? Guid.Empty, null, SagaRouter.MayStart(model, type, context.Incoming));
            await Load(run, [lookup]);
        }

        return run.Add(
            lookup!.Found is { } found ? ActiveSaga.Found(model, found)
            : lookup.MayStart ? ActiveSaga.Start(model, lookup.Correlation, context.Incoming)
            : ActiveSaga.Missing(model));
    }

    private async Task NotFound(ActiveSaga missing, HandlingContext context)
    {
        var name = missing.Model.SagaType.Name;
        context.MessageHandled = true;
        if (context.Headers.ContainsKey(Headers.IsSagaTimeoutMessage))
        {
            logger.LogInformation("Timeout '{MessageId}' came after saga {Saga} had ended", context.MessageId, name);
            return;
        }

        logger.LogInformation("No saga {Saga} for message '{MessageId}'", name, context.MessageId);
        foreach (var handlerType in missing.Model.NotFoundHandlers)
        {
            var handler = (ISagaNotFoundHandler)ActivatorUtilities.GetServiceOrCreateInstance(
                context.Builder, handlerType);
            await handler.Handle(context.Logical.Instance, context);
        }
    }

    private static async ValueTask Dispose(object instance)
    {
        switch (instance)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    private sealed class BoundHandler(HandlerInvoker invoker) : MessageHandler
    {
        public override Task Invoke(object message, IMessageHandlerContext handlerContext) =>
            invoker.Invoke(Instance!, message, handlerContext);
    }

    /// <summary>One attempt at a message.</summary>
    private sealed class Run(HandlingContext context, SqlSession? session)
    {
        private List<ActiveSaga>? sagas;

        public HandlingContext Context => context;

        public SqlSession? Session => session;

        public List<SagaLookup> Lookups { get; set; } = [];

        public ActiveSaga? Active(SagaModel model) => sagas?.Find(s => s.Model == model);

        public ActiveSaga Add(ActiveSaga saga)
        {
            (sagas ??= []).Add(saga);
            return saga;
        }

        public List<SagaChange> Changes() => [.. (sagas ?? []).Select(s => s.Change()).OfType<SagaChange>()];
    }
}

/// <summary>A message whose transaction has committed.</summary>
/// <param name="Sent">What is to be dispatched now.</param>
/// <param name="IsDuplicate">True when it had been handled before.</param>
/// <param name="Stored">True when what was sent is in the outbox too.</param>
internal sealed record HandledMessage(List<OutgoingOperation> Sent, bool IsDuplicate, bool Stored);

/// <summary>Nothing handles a message that came.</summary>
internal sealed class MissingHandlerException(Type messageType, string messageId) : InvalidOperationException(
    $"No handler for {messageType.FullName} (message '{messageId}'): implement IHandleMessages<{messageType.Name}>, or "
    + "correct the route or subscription that brought it here.");
