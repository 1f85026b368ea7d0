using Portable.Messaging.Sagas;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>A saga to be loaded, by id or by correlation value.</summary>
/// <param name="MayStart">True when the message starts the saga if there is none.</param>
internal sealed record SagaLookup(SagaModel Model, Guid? Id, object? Correlation, bool MayStart)
{
    /// <summary>What was found.</summary>
    public StoredSaga? Found { get; set; }
}

/// <summary>A saga's data and the version it was loaded at.</summary>
internal sealed record StoredSaga(IContainSagaData Data, int Concurrency);

/// <summary>What became of a saga while a message was handled.</summary>
/// <param name="Stored">What it was loaded as; null when it is new.</param>
internal sealed record SagaChange(SagaModel Model, IContainSagaData Data, StoredSaga? Stored, bool Completed);

/// <summary>Another message changed, started or ended the saga meanwhile: this one is handled again, from fresh
/// state.</summary>
internal sealed class SagaConcurrencyException(SagaChange change, Exception? inner = null)
    : Exception(
        $"Saga {change.Model.SagaType.Name} {change.Data.Id} was changed by another message meanwhile.", inner);
