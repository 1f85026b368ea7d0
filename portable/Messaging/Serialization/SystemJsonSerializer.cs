using System.Text.Json;
using Portable.Messaging.Serialization;

namespace Portable.Messaging
{
    /// <summary>Messages as JSON, by System.Text.Json.</summary>
    public class SystemJsonSerializer : SerializationDefinition
    {
        internal JsonSerializerOptions? Options { get; set; }
    }

    /// <summary>Choice of the serializer.</summary>
    public static class SerializationConfigExtensions
    {
        public static SerializationExtensions<T> UseSerialization<T>(this EndpointConfiguration config)
            where T : SerializationDefinition, new() =>
            config.UseSerialization(new T());

        public static SerializationExtensions<T> UseSerialization<T>(
            this EndpointConfiguration config, T serializationDefinition)
            where T : SerializationDefinition
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentNullException.ThrowIfNull(serializationDefinition);
            config.Serializer = serializationDefinition as SystemJsonSerializer ?? throw new NotSupportedException(
                $"The portable edition writes JSON: use {nameof(SystemJsonSerializer)}, not {typeof(T).Name}.");
            return new SerializationExtensions<T>(serializationDefinition);
        }
    }

    /// <summary>Settings of <see cref="SystemJsonSerializer"/>.</summary>
    public static class SystemJsonConfigurationExtensions
    {
        public static void Options(
            this SerializationExtensions<SystemJsonSerializer> config, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentNullException.ThrowIfNull(options);
            config.Definition.Options = options;
        }
    }
}

namespace Portable.Messaging.Serialization
{
    /// <summary>A way to write messages as bytes.</summary>
    public abstract class SerializationDefinition;

    /// <summary>Settings of a serializer.</summary>
    public class SerializationExtensions<T>
        where T : SerializationDefinition
    {
        internal SerializationExtensions(T definition) => Definition = definition;

        internal T Definition { get; }
    }
}
