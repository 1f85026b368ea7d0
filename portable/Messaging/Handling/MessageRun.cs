using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Handling;

/// <summary>One attempt at a message: its context, its transaction and the sagas it has reached.</summary>
internal sealed class MessageRun(HandlingContext context, SqlSession? session)
{
    private List<ActiveSaga>? sagas;

    public HandlingContext Context => context;

    /// <summary>Null in an endpoint without persistence.</summary>
    public SqlSession? Session => session;

    /// <summary>Sagas that were looked up for the message.</summary>
    public List<SagaLookup> Lookups { get; set; } = [];

    public ActiveSaga? Active(SagaModel model) => sagas?.Find(s => s.Model == model);

    public ActiveSaga Add(ActiveSaga saga)
    {
        (sagas ??= []).Add(saga);
        return saga;
    }

    /// <summary>What is to be stored of its sagas.</summary>
    public IReadOnlyList<SagaChange> Changes() =>
        sagas is null ? [] : [.. sagas.Select(s => s.Change()).OfType<SagaChange>()];
}
