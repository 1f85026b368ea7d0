using Portable.Messaging.Persistence.Sql;
using Portable.Messaging.Transport;

namespace Portable.Messaging.Sagas;

/// <summary>A saga while a message is handled: found, started or not found.</summary>
internal sealed class ActiveSaga
{
    private readonly StoredSaga? stored;
    private readonly object? correlation;
    private readonly Guid id;

    private ActiveSaga(SagaModel model, IContainSagaData? data, StoredSaga? stored)
    {
        (Model, Data, this.stored) = (model, data, stored);
        if (data is not null)
        {
            id = data.Id;
            correlation = model.Correlation?.ValueIn(data);
        }
    }

    public SagaModel Model { get; }

    public IContainSagaData? Data { get; }

    public bool NotFound => Data is null;

    /// <summary>True while the message that starts it is handled.</summary>
    public bool IsNew => Data is not null && stored is null;

    public bool Completed { get; set; }

    public static ActiveSaga Found(SagaModel model, StoredSaga stored) => new(model, stored.Data, stored);

    public static ActiveSaga Missing(SagaModel model) => new(model, null, null);

    /// <summary>A new saga, started by this message.</summary>
    public static ActiveSaga Start(SagaModel model, object? correlation, IncomingMessage message)
    {
        var data = model.CreateData();
        data.Id = Guid.CreateVersion7();
        data.OriginalMessageId = message.MessageId;
        data.Originator = message.GetReplyToAddress();
        if (correlation is not null)
        {
            model.Correlation!.Write(data, correlation);
        }

        return new ActiveSaga(model, data, stored: null);
    }

    /// <summary>What is to be stored; null when nothing is.</summary>
    /// <exception cref="InvalidOperationException">The handler changed the saga's id or correlation value.</exception>
    public SagaChange? Change()
    {
        if (Data is null || (Completed && stored is null))
        {
            return null;
        }

        if (Data.Id != id)
        {
            throw new InvalidOperationException(
                $"A handler of saga {Model.SagaType.Name} changed its id from {id} to {Data.Id}: the id is not its to "
                + "change.");
        }

        if (!Completed && Model.Correlation is { } property)
        {
            var value = property.ValueIn(Data) ?? throw new InvalidOperationException(
                $"Saga {Model.SagaType.Name} {id} has no value in {property.Name}, by which messages find it.");
            if (correlation is not null && !Equals(value, correlation))
            {
                throw new InvalidOperationException(
                    $"A handler of saga {Model.SagaType.Name} {id} changed {property.Name} from '{correlation}' to "
                    + $"'{value}': messages find the saga by it, it can't be changed.");
            }
        }

        return new SagaChange(Model, Data, stored, Completed);
    }
}
