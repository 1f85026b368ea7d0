using System.Collections.ObjectModel;

namespace Portable.Hosting.ApplicationModel;

/// <summary>Base of all resources.</summary>
public abstract class Resource : IResource
{
    /// <param name="name">Letters, digits and hyphens, starting with a letter, at most 64 characters.</param>
    /// <exception cref="ArgumentException">The name has another form.</exception>
    protected Resource(string name)
    {
        ResourceName.Validate(name);
        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>The annotations of a resource, in the order they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>The form of resource and endpoint names.</summary>
internal static class ResourceName
{
    public const int MaximumLength = 64;

    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    public static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var valid = name.Length <= MaximumLength
            && char.IsAsciiLetter(name[0])
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
            && !name.Contains("--")
            && name[^1] != '-';
        if (!valid)
            throw new ArgumentException(
                $"'{name}' is not a resource name: use up to {MaximumLength} ASCII letters, digits and single hyphens, " +
                "starting with a letter and not ending with a hyphen.", nameof(name));
    }
}
