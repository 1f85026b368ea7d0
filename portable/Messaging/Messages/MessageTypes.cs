using System.Collections.Concurrent;

namespace Portable.Messaging.Messages;

/// <summary>The message types this endpoint knows, by type and by the names they have on the wire.</summary>
internal sealed class MessageTypes(Conventions conventions)
{
    private readonly ConcurrentDictionary<Type, MessageType> byType = [];
    private readonly ConcurrentDictionary<string, Type?> byHeader = [];
    private readonly ConcurrentDictionary<string, Type> byName = [];

    /// <summary>Makes a type known, so that its full name alone is enough on the wire.</summary>
    public void Add(Type type)
    {
        if (conventions.IsMessageType(type))
        {
            byName[type.FullName!] = type;
        }
    }

    public MessageType Of(Type type) => byType.GetOrAdd(type, Describe);

    /// <summary>The type of a message by its <see cref="Headers.EnclosedMessageTypes"/>: the first one that is known
    /// and can be created. Null when there is none.</summary>
    public Type? Find(string enclosedTypes)
    {
        if (byHeader.TryGetValue(enclosedTypes, out var known))
        {
            return known;
        }

        var found = enclosedTypes
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Resolve)
            .FirstOrDefault(type => type is { IsAbstract: false });

        // Unknown names are not remembered: anyone can send any number of them.
        if (found is not null)
        {
            byHeader[enclosedTypes] = found;
        }

        return found;
    }

    private Type? Resolve(string name)
    {
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        var fullName = comma < 0 ? name : name[..comma];
        if (byName.TryGetValue(fullName, out var known))
        {
            return known;
        }

        var loaded = LoadType(name);
        return loaded is not null && conventions.IsMessageType(loaded) ? loaded : null;
    }

    private static Type? LoadType(string name)
    {
        try
        {
            return Type.GetType(name, throwOnError: false);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException or ArgumentException)
        {
            // A name of another version or another framework: as unknown as one that does not exist.
            return null;
        }
    }

    private MessageType Describe(Type type)
    {
        List<Type> parents = [.. type.GetInterfaces()];
        for (var parent = type.BaseType; parent is not null && parent != typeof(object); parent = parent.BaseType)
        {
            parents.Add(parent);
        }

        Type[] hierarchy = [type, .. parents.Where(conventions.IsMessageType).OrderByDescending(Depth)];
        return new MessageType(
            type,
            hierarchy,
            string.Join(';', hierarchy.Select(t => t.AssemblyQualifiedName)),
            conventions.IsCommandType(type),
            conventions.IsEventType(type),
            conventions.IsMessageType(type));
    }

    private static int Depth(Type type)
    {
        if (type.IsInterface)
        {
            return type.GetInterfaces().Length;
        }

        var depth = 0;
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            depth++;
        }

        return depth;
    }
}

/// <summary>A message type, with what is sent of it.</summary>
/// <param name="Type">The type itself.</param>
/// <param name="Hierarchy">It and the message types it derives from, the most special first.</param>
/// <param name="EnclosedTypes">Their assembly-qualified names, separated by semicolons.</param>
internal sealed record MessageType(
    Type Type, Type[] Hierarchy, string EnclosedTypes, bool IsCommand, bool IsEvent, bool IsMessage);
