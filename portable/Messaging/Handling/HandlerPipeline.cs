using System.Diagnostics;
using Portable.Messaging.Messages;
using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Pipeline;
using Portable.Messaging.SagaAudit;
using Portable.Messaging.Sagas;
using Portable.Messaging.Tracing;

namespace Portable.Messaging.Handling;

/// <summary>Takes a message that has been read to its handlers: behaviors on the object, then each handler in turn, with
/// its saga where it is one, and the behaviors around it.</summary>
internal sealed class HandlerPipeline(
    HandlerMap handlers,
    MessageTypes types,
    SagaActivation sagas,
    BehaviorChain<IIncomingLogicalMessageContext> logical,
    BehaviorChain<IInvokeHandlerContext> invoking,
    SagaAuditor? audit,
    HandlingMetrics metrics)
{
    /// <exception cref="InvalidOperationException">Nothing handles the message.</exception>
    public async Task Run(MessageRun run, Reading reading, MessageTags tags)
    {
        if (reading.Message is not { } message)
        {
            return;
        }

        run.Context.Logical = new LogicalMessage(message.GetType(), message);
        run.Lookups = reading.Lookups;
        if (logical.IsEmpty)
        {
            await Invoke(run, reading.Handlers, tags);
            return;
        }

        await logical.Run(run.Context, async () =>
        {
            var found = reading.Handlers;
            if (!ReferenceEquals(run.Context.Logical.Instance, message))
            {
                // A behavior has put another message in its place.
                var type = types.Of(run.Context.Logical.MessageType);
                found = handlers.For(type.Type);
                await Load(run, SagaRouter.Lookups(
                    found.Invokers, type, run.Context.Logical.Instance, run.Context.Incoming));
            }

            await Invoke(run, found, tags);
        });
    }

    /// <summary>Loads sagas in the message's transaction.</summary>
    public Task Load(MessageRun run, List<SagaLookup> lookups) => sagas.Load(run, lookups);

    private async Task Invoke(MessageRun run, MessageHandlers found, MessageTags tags)
    {
        var context = run.Context;
        if (found.Invokers.Length == 0 && !context.MessageHandled)
        {
            throw new InvalidOperationException(
                $"No handler for {context.Logical.MessageType.FullName}: implement "
                + $"IHandleMessages<{context.Logical.MessageType.Name}>, or correct the route or subscription that "
                + "brought the message here.");
        }

        tags.HandlerTypes = found.TypeNames;
        foreach (var invoker in found.Invokers)
        {
            if (SagaRouter.TakesPart(invoker, context.Incoming))
            {
                await Invoke(run, invoker, tags);
                if (context.HandlerInvocationAborted)
                {
                    break;
                }
            }
        }

        context.MessageHandled = true;
    }

    private async Task Invoke(MessageRun run, HandlerInvoker invoker, MessageTags tags)
    {
        var context = run.Context;
        var instance = invoker.Create(context.Builder);
        var started = default(DateTimeOffset);
        using var activity = Activities.StartHandler(invoker.HandlerType);
        try
        {
            if (invoker.Saga is { } model)
            {
                started = DateTimeOffset.UtcNow;
                context.Saga = await sagas.Activate(run, model);
                if (context.Saga.NotFound)
                {
                    await sagas.NotFound(context.Saga, context);
                    return;
                }

                ((Saga)instance).Entity = context.Saga.Data!;
                activity?.SetTag("nservicebus.handler.saga_id", context.Saga.Data!.Id.ToString());
                if (audit is not null)
                {
                    (context.Trail ??= new SagaTrail()).Begin();
                }
            }

            context.MessageHandler = new BoundHandler(invoker)
            {
                HandlerType = invoker.HandlerType,
                Instance = instance,
            };
            await (invoking.IsEmpty
                ? Call(context, tags)
                : invoking.Run(context, () => Call(context, tags)));
            if (context.Saga is { } saga)
            {
                saga.Completed |= ((Saga)instance).Completed;
                audit?.Report(context, saga, context.Trail!, started);
            }

            activity?.SetStatus(ActivityStatusCode.Ok);
        }
        catch (Exception e)
        {
            Activities.Fail(activity, e);
            throw;
        }
        finally
        {
            context.Saga = null;
            await Dispose(instance);
        }
    }

    private async Task Call(HandlingContext context, MessageTags tags)
    {
        // No handler begins when the endpoint can't wait for it any longer.
        context.CancellationToken.ThrowIfCancellationRequested();
        var handler = context.MessageHandler;
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.GetTimestamp();
        try
        {
            await handler.Invoke(context.MessageBeingHandled, context);
            metrics.HandlerRan(tags, handler.HandlerType, Stopwatch.GetElapsedTime(clock), null);
        }
        catch (Exception e)
        {
            metrics.HandlerRan(tags, handler.HandlerType, Stopwatch.GetElapsedTime(clock), e);
            e.Data["Message type"] = context.Logical.MessageType.FullName;
            e.Data["Handler type"] = handler.HandlerType.FullName;
            e.Data["Handler start time"] = DateTimeOffsetHelper.ToWireFormattedString(started);
            e.Data["Handler failure time"] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow);
            e.Data["Handler canceled"] = context.CancellationToken.IsCancellationRequested;
            throw;
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
}
