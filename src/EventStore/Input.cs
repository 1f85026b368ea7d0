namespace EventStore;

/// <summary>What the store takes from its callers, checked before anything reaches the database.</summary>
internal static class Input
{
    public const int MaxNameLength = 200;
    public const int MaxKeyLength = 500;
    public const int MaxMetadataLength = 1000;
    public const int MaxEventBytes = 1024 * 1024;

    /// <exception cref="ArgumentException">Empty, over 200 characters, or with characters that are no text.</exception>
    public static void CheckName(string? value, string what) => Check(value, what, MaxNameLength);

    /// <exception cref="ArgumentException">Empty, too long, or with characters that are no text.</exception>
    public static void Check(string? value, string what, int maxLength)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentException($"The {what} is empty: give it 1 to {maxLength} characters.");
        if (value.Length > maxLength)
        {
            throw new ArgumentException(
                $"The {what} '{value[..40]}…' has {value.Length} characters: at most {maxLength} are stored.");
        }
        CheckText(value, what);
    }

    /// <summary>Text that may be absent.</summary>
    public static void CheckOptional(string? value, string what)
    {
        if (!string.IsNullOrEmpty(value))
            Check(value, what, MaxMetadataLength);
    }

    /// <summary>PostgreSQL's text has no NUL, UTF-8 no half of a surrogate pair.</summary>
    private static void CheckText(string value, string what)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '\0')
                throw new ArgumentException($"The {what} has a NUL character at index {i}: remove it.");
            if (!char.IsSurrogate(c))
                continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(c, value[i + 1]))
            {
                throw new ArgumentException(
                    $"The {what} has half a surrogate pair at index {i}: it is no Unicode text.");
            }
            i++;
        }
    }
}
