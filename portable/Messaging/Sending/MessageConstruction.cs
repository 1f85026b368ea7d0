namespace Portable.Messaging.Sending;

/// <summary>Messages made by the sender's action.</summary>
internal static class MessageConstruction
{
    public static object Create<T>(Action<T> construct)
    {
        ArgumentNullException.ThrowIfNull(construct);
        if (typeof(T).IsAbstract || typeof(T).GetConstructor(Type.EmptyTypes) is null)
        {
            throw new NotSupportedException(
                $"{typeof(T).FullName} can't be created: give it a public constructor without parameters, or pass the "
                + "message itself.");
        }

        var message = Activator.CreateInstance<T>();
        construct(message);
        return message!;
    }
}
