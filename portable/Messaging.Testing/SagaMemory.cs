using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Sagas;

namespace Portable.Messaging.Testing;

/// <summary>Sagas of one type in memory, written as JSON and read back as the real storage does.</summary>
internal sealed class SagaMemory<TSagaData>(CorrelationProperty correlation)
    where TSagaData : class, IContainSagaData
{
    private readonly Dictionary<Guid, TSagaData> sagas = [];

    public TSagaData? Get(Guid id) => sagas.TryGetValue(id, out var data) ? Copy(data) : null;

    public TSagaData? Find(object value) =>
        sagas.Values.FirstOrDefault(s => value.Equals(correlation.ValueIn(s))) is { } data ? Copy(data) : null;

    public void Save(TSagaData data) => sagas[data.Id] = Copy(data);

    public void Remove(Guid id) => sagas.Remove(id);

    public static TSagaData Copy(TSagaData data)
    {
        var copy = (TSagaData)SagaJson.Read(SagaJson.Write(data), data.GetType());
        (copy.Id, copy.Originator, copy.OriginalMessageId) = (data.Id, data.Originator, data.OriginalMessageId);
        return copy;
    }
}
