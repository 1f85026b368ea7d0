using System.Linq.Expressions;
using System.Reflection;
using Portable.Messaging.Extensibility;
using Portable.Messaging.Persistence;

namespace Portable.Messaging.Sagas;

/// <summary>What is known of a saga type: its data, its correlation property, and how messages lead to it.</summary>
internal sealed class SagaModel
{
    private readonly Dictionary<Type, SagaFinder> finders = [];
    private readonly HashSet<Type> starters;
    private readonly Func<IContainSagaData> newData;

    private SagaModel(Type sagaType, Type dataType)
    {
        (SagaType, DataType) = (sagaType, dataType);
        newData = Expression.Lambda<Func<IContainSagaData>>(
            Expression.Convert(Expression.New(dataType), typeof(IContainSagaData))).Compile();
        starters =
        [
            .. sagaType.GetInterfaces()
                .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAmStartedByMessages<>))
                .Select(i => i.GetGenericArguments()[0]),
        ];
    }

    public Type SagaType { get; }

    public Type DataType { get; }

    /// <summary>The one property messages are correlated by; null when all are found by id or by finders.</summary>
    public CorrelationProperty? Correlation { get; private set; }

    /// <summary>Types of the handlers called when no saga is found.</summary>
    public List<Type> NotFoundHandlers { get; } = [];

    /// <exception cref="InvalidOperationException">Its mappings contradict each other or are missing.</exception>
    public static SagaModel Of(Type sagaType)
    {
        var model = new SagaModel(sagaType, DataTypeOf(sagaType));
        var saga = (Saga)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(sagaType);
        saga.ConfigureHowToFindSaga(new SagaMappings(model));
        model.Validate();
        return model;
    }

    public IContainSagaData CreateData() => newData();

    public bool IsStartedBy(Type[] hierarchy) => Array.Exists(hierarchy, starters.Contains);

    /// <summary>How this message finds its saga; null when only a saga id does.</summary>
    public SagaFinder? FinderOf(Type[] hierarchy)
    {
        foreach (var type in hierarchy)
        {
            if (finders.TryGetValue(type, out var finder))
            {
                return finder;
            }
        }

        return null;
    }

    public void Add(Type messageType, SagaFinder finder)
    {
        if (!finders.TryAdd(messageType, finder))
        {
            throw new InvalidOperationException(
                $"Saga {SagaType.Name} maps message {messageType.Name} twice. Map it once in ConfigureHowToFindSaga.");
        }
    }

    public void CorrelateBy(PropertyInfo property)
    {
        if (Correlation is { } other && other.Property != property)
        {
            throw new InvalidOperationException(
                $"Saga {SagaType.Name} is correlated by {other.Name} and by {property.Name}: all messages must map to "
                + "the same property.");
        }

        Correlation ??= new CorrelationProperty(property);
    }

    private static Type DataTypeOf(Type sagaType)
    {
        for (var type = sagaType; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Saga<>))
            {
                return type.GetGenericArguments()[0];
            }
        }

        throw new InvalidOperationException($"Saga {sagaType.FullName} does not derive from Saga<TSagaData>.");
    }

    private void Validate()
    {
        if (starters.Count == 0)
        {
            throw new InvalidOperationException(
                $"No message starts saga {SagaType.Name}: implement IAmStartedByMessages<T> for at least one.");
        }

        foreach (var starter in starters.Where(starter => !finders.ContainsKey(starter)))
        {
            throw new InvalidOperationException(
                $"Saga {SagaType.Name} is started by {starter.Name} but does not say how to find it: add "
                + $".ToMessage<{starter.Name}>(m => m.…) in ConfigureHowToFindSaga.");
        }
    }
}

/// <summary>How a message finds its saga.</summary>
internal abstract record SagaFinder;

/// <summary>By a value equal to the correlation property.</summary>
internal sealed record CorrelationFinder(Func<object, IReadOnlyDictionary<string, string>, object> ValueOf)
    : SagaFinder;

/// <summary>By code of one's own.</summary>
internal sealed record CustomFinder(
    Func<IServiceProvider, object, ISynchronizedStorageSession, IReadOnlyContextBag, CancellationToken,
        Task<IContainSagaData?>> Find) : SagaFinder;
