using System.Diagnostics.CodeAnalysis;

namespace Portable.Messaging.Extensibility;

/// <summary>Reads values that travel with a message through the pipeline.</summary>
public interface IReadOnlyContextBag
{
    T Get<T>();

    T Get<T>(string key);

    bool TryGet<T>([NotNullWhen(true)] out T? result);

    bool TryGet<T>(string key, [NotNullWhen(true)] out T? result);
}

/// <summary>Values by key that travel with a message through the pipeline; a child sees its parent's.
/// Holds nothing until something is set. Not safe for several threads at once.</summary>
public class ContextBag(ContextBag? parentBag = null) : IReadOnlyContextBag
{
    private Dictionary<string, object>? values;

    public T Get<T>() => Get<T>(KeyOf<T>());

    public T Get<T>(string key) => TryGet<T>(key, out var value)
        ? value
        : throw new KeyNotFoundException(
            $"Nothing is stored under '{key}' in the context of this message. Set it earlier, or ask with TryGet.");

    public bool TryGet<T>([NotNullWhen(true)] out T? result) => TryGet(KeyOf<T>(), out result);

    public bool TryGet<T>(string key, [NotNullWhen(true)] out T? result)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (values is not null && values.TryGetValue(key, out var value))
        {
            result = (T)value!;
            return true;
        }

        if (parentBag is not null)
        {
            return parentBag.TryGet(key, out result);
        }

        result = default;
        return false;
    }

    public T GetOrCreate<T>() where T : class, new()
    {
        if (!TryGet<T>(out var value))
        {
            value = new T();
            Set(value);
        }

        return value;
    }

    public void Set<T>(T t) => Set(KeyOf<T>(), t);

    public void Set<T>(string key, T t)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(t);
        (values ??= [])[key] = t;
    }

    public void Remove<T>() => Remove(KeyOf<T>());

    public void Remove(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        values?.Remove(key);
    }

    private static string KeyOf<T>() => typeof(T).FullName!;
}
