using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portable.Messaging.Handling;
using Portable.Messaging.Messages;
using Portable.Messaging.Persistence.Sql;

namespace Portable.Messaging.Sagas;

/// <summary>Brings the saga to the handler that is one: found, started or missing.</summary>
internal sealed class SagaActivation(SqlStorage? storage, MessageTypes types, ILogger logger)
{
    /// <summary>Looks sagas up in the message's transaction, for <see cref="Activate"/> to use.</summary>
    public async Task Load(MessageRun run, List<SagaLookup> lookups)
    {
        run.Lookups = lookups;
        if (run.Session is { } session && lookups.Count > 0)
        {
            await storage!.Sagas.Load(session, lookups, run.Context.CancellationToken);
        }
    }

    /// <summary>The saga of this type that the message is for; the same object for all its handlers.</summary>
    public async Task<ActiveSaga> Activate(MessageRun run, SagaModel model)
    {
        if (run.Active(model) is { } active)
        {
            return active;
        }

        var lookup = run.Lookups.Find(l => l.Model == model) ?? await FindByFinder(run, model);
        return run.Add(
            lookup.Found is { } found ? ActiveSaga.Found(model, found)
            : lookup.MayStart ? ActiveSaga.Start(model, lookup.Correlation, run.Context.Incoming)
            : ActiveSaga.Missing(model));
    }

    /// <summary>Tells the saga type's not-found handlers; a timeout that comes too late is dropped.</summary>
    public async Task NotFound(ActiveSaga missing, HandlingContext context)
    {
        var name = missing.Model.SagaType.Name;
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

    // Code of the application's own finds the data; its row is locked and loaded again by id.
    private async Task<SagaLookup> FindByFinder(MessageRun run, SagaModel model)
    {
        var context = run.Context;
        var session = run.Session ?? throw new InvalidOperationException(
            $"Saga {model.SagaType.Name} needs a persistence: configure UsePersistence<SqlPersistence>().");
        var type = types.Of(context.Logical.MessageType);
        var finder = (CustomFinder)model.FinderOf(type.Hierarchy)!;
        var data = await finder.Find(
            context.Builder, context.Logical.Instance, session, context.Extensions, context.CancellationToken);
        var lookup = new SagaLookup(
            model, data?.Id ?? Guid.Empty, null, SagaRouter.MayStart(model, type, context.Incoming));
        if (data is not null)
        {
            await storage!.Sagas.Load(session, [lookup], context.CancellationToken);
        }

        return lookup;
    }
}
