using System.Globalization;
using System.Reflection;

namespace Carillon.Events;

/// <summary>
/// Makes the function that takes the key from a message, from the property that holds it. The texts are those that the source generator
/// writes: the same everywhere, and different for different values.
/// </summary>
internal static class KeyReader
{
    /// <exception cref="CarillonConfigurationException">The property cannot be a key.</exception>
    public static Func<TMessage, string?> Create<TMessage>(PropertyInfo property)
    {
        var getter = property.GetMethod ?? throw Refuse(property, "cannot be read");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(Half))
            throw Refuse(property, $"is a {type.Name}, and equal numbers of that type may have different texts");
        if (type == typeof(string) && !typeof(TMessage).IsValueType)
            return getter.CreateDelegate<Func<TMessage, string?>>();
        return message => TextOf(property, property.GetValue(message));
    }

    private static string? TextOf(PropertyInfo property, object? value)
    {
        var culture = CultureInfo.InvariantCulture;
        var text = value switch
        {
            DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", culture),
            Enum => value.ToString(),
            IFormattable formattable => formattable.ToString(null, culture),
            IConvertible convertible => convertible.ToString(culture),
            _ => value?.ToString(),
        };
        return value is null || text != value.GetType().ToString() ? text : throw Refuse(property, "has no text of its own: give its type a ToString()");
    }

    private static CarillonConfigurationException Refuse(PropertyInfo property, string why) => new(ErrorCodes.InvalidConfiguration,
        $"{property.DeclaringType}.{property.Name} is marked with [Key] but {why}.");
}
