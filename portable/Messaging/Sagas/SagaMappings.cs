using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Portable.Messaging.Sagas;

/// <summary>Notes in a model what the saga's <c>ConfigureHowToFindSaga</c> says.</summary>
internal sealed class SagaMappings(SagaModel model)
    : IConfigureHowToFindSagaWithMessage, IConfigureHowToFindSagaWithMessageHeaders, IConfigureHowToFindSagaWithFinder,
        IConfigureSagaNotFoundHandler
{
    public void ConfigureMapping<TSagaEntity, TMessage>(
        Expression<Func<TSagaEntity, object?>> sagaEntityProperty, Expression<Func<TMessage, object?>> messageProperty)
        where TSagaEntity : class, IContainSagaData
    {
        var property = PropertyOf(sagaEntityProperty);
        model.CorrelateBy(property);
        var mapped = Unconverted(messageProperty.Body).Type;
        if (mapped != property.PropertyType)
        {
            throw new InvalidOperationException(
                $"Saga {model.SagaType.Name} maps {typeof(TMessage).Name} ({mapped.Name}) to its property "
                + $"{property.Name} ({property.PropertyType.Name}): the types must be the same.");
        }

        var read = messageProperty.Compile();
        model.Add(typeof(TMessage), new CorrelationFinder((message, _) =>
            read((TMessage)message) ?? throw new InvalidOperationException(
                $"Message {typeof(TMessage).FullName} has no value for '{messageProperty.Body}', by which it finds its "
                + $"saga {model.SagaType.Name}.")));
    }

    public void ConfigureMapping<TSagaEntity, TMessage>(
        Expression<Func<TSagaEntity, object?>> sagaEntityProperty, string headerName)
        where TSagaEntity : class, IContainSagaData
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(headerName);
        model.CorrelateBy(PropertyOf(sagaEntityProperty));
        model.Add(typeof(TMessage), new CorrelationFinder((_, headers) =>
            headers.TryGetValue(headerName, out var text)
                ? model.Correlation!.Parse(text)
                : throw new InvalidOperationException(
                    $"Message {typeof(TMessage).FullName} lacks the header '{headerName}', by which it finds its "
                    + $"saga {model.SagaType.Name}.")));
    }

    public void ConfigureMapping<TSagaEntity, TMessage, TFinder>()
        where TSagaEntity : class, IContainSagaData
        where TFinder : class, ISagaFinder<TSagaEntity, TMessage>
    {
        var create = ActivatorUtilities.CreateFactory<TFinder>([]);
        model.Add(typeof(TMessage), new CustomFinder(async (services, message, session, context, cancellationToken) =>
            await create(services, []).FindBy((TMessage)message, session, context, cancellationToken)));
    }

    public void ConfigureSagaNotFoundHandler<TNotFoundHandler>()
        where TNotFoundHandler : ISagaNotFoundHandler =>
        model.NotFoundHandlers.Add(typeof(TNotFoundHandler));

    private PropertyInfo PropertyOf<TSagaEntity>(Expression<Func<TSagaEntity, object?>> expression) =>
        Unconverted(expression.Body) is MemberExpression { Member: PropertyInfo property }
            ? property
            : throw new InvalidOperationException(
                $"Saga {model.SagaType.Name} maps to '{expression.Body}', which is not a property of its data.");

    // Value types are boxed in these expressions.
    private static Expression Unconverted(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : expression;
}
