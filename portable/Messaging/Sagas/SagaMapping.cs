using System.Linq.Expressions;
using Portable.Messaging.Sagas;

namespace Portable.Messaging;

/// <summary>Takes note of how messages lead to a saga.</summary>
public interface IConfigureHowToFindSagaWithMessage
{
    void ConfigureMapping<TSagaEntity, TMessage>(
        Expression<Func<TSagaEntity, object?>> sagaEntityProperty, Expression<Func<TMessage, object?>> messageProperty)
        where TSagaEntity : class, IContainSagaData;
}

/// <summary>Takes note of which header of a message leads to a saga.</summary>
public interface IConfigureHowToFindSagaWithMessageHeaders
{
    void ConfigureMapping<TSagaEntity, TMessage>(
        Expression<Func<TSagaEntity, object?>> sagaEntityProperty, string headerName)
        where TSagaEntity : class, IContainSagaData;
}

/// <summary>Takes note of a finder of one's own.</summary>
public interface IConfigureHowToFindSagaWithFinder
{
    void ConfigureMapping<TSagaEntity, TMessage, TFinder>()
        where TSagaEntity : class, IContainSagaData
        where TFinder : class, ISagaFinder<TSagaEntity, TMessage>;
}

/// <summary>Takes note of what to do when no saga is found.</summary>
public interface IConfigureSagaNotFoundHandler
{
    void ConfigureSagaNotFoundHandler<TNotFoundHandler>()
        where TNotFoundHandler : ISagaNotFoundHandler;
}

/// <summary>Says how messages find their saga: by one property of the saga's data, unique among all sagas of its
/// type.</summary>
public class SagaPropertyMapper<TSagaData>
    where TSagaData : class, IContainSagaData
{
    private readonly IConfigureHowToFindSagaWithMessage mappings;

    internal SagaPropertyMapper(IConfigureHowToFindSagaWithMessage mappings) => this.mappings = mappings;

    /// <summary>The correlation property of the saga's data; then name the messages with <c>ToMessage</c>.</summary>
    public CorrelatedSagaPropertyMapper<TSagaData> MapSaga(Expression<Func<TSagaData, object?>> sagaProperty)
    {
        ArgumentNullException.ThrowIfNull(sagaProperty);
        return new CorrelatedSagaPropertyMapper<TSagaData>(mappings, sagaProperty);
    }

    public void ConfigureFinderMapping<TMessage, TFinder>()
        where TFinder : class, ISagaFinder<TSagaData, TMessage> =>
        ((IConfigureHowToFindSagaWithFinder)mappings).ConfigureMapping<TSagaData, TMessage, TFinder>();

    public void ConfigureNotFoundHandler<TNotFoundHandler>()
        where TNotFoundHandler : ISagaNotFoundHandler =>
        ((IConfigureSagaNotFoundHandler)mappings).ConfigureSagaNotFoundHandler<TNotFoundHandler>();
}

/// <summary>Maps messages to the correlation property of a saga.</summary>
public class CorrelatedSagaPropertyMapper<TSagaData>
    where TSagaData : class, IContainSagaData
{
    private readonly IConfigureHowToFindSagaWithMessage mappings;
    private readonly Expression<Func<TSagaData, object?>> sagaProperty;

    internal CorrelatedSagaPropertyMapper(
        IConfigureHowToFindSagaWithMessage mappings, Expression<Func<TSagaData, object?>> sagaProperty) =>
        (this.mappings, this.sagaProperty) = (mappings, sagaProperty);

    /// <summary>The value of this expression of the message equals the saga's correlation property.</summary>
    public CorrelatedSagaPropertyMapper<TSagaData> ToMessage<TMessage>(
        Expression<Func<TMessage, object?>> messageProperty)
    {
        mappings.ConfigureMapping(sagaProperty, messageProperty);
        return this;
    }

    /// <summary>The value of this header of the message equals the saga's correlation property.</summary>
    public CorrelatedSagaPropertyMapper<TSagaData> ToMessageHeader<TMessage>(string headerName)
    {
        ((IConfigureHowToFindSagaWithMessageHeaders)mappings)
            .ConfigureMapping<TSagaData, TMessage>(sagaProperty, headerName);
        return this;
    }
}
