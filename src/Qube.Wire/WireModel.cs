using System.Reflection;
using ProtoBuf;
using ProtoBuf.Meta;

namespace Qube.Wire;

/// <summary>The protobuf schema of <see cref="WireTable"/>. Fields are numbered in the order in which a record declares them, so new fields go last;
/// the approved schema in the tests catches any other change.</summary>
public static class WireModel
{
    public static readonly RuntimeTypeModel Model = Build();

    /// <summary>Bytes of a message on the wire, without writing it.</summary>
    public static long LengthOf<T>(T message)
    {
        using var measured = Model.Measure(message);
        return measured.Length;
    }

    private static RuntimeTypeModel Build()
    {
        var model = RuntimeTypeModel.Create("qube");

        // A field is left out exactly when it has the value that the record's own constructor gives it (Seq = -1, say), never because it is 0.
        model.UseImplicitZeroDefaults = false;
        model.AutoAddMissingTypes = false;
        var added = new HashSet<Type>();
        foreach (var (_, type) in WireTable.Messages)
        {
            Add(model, type, added);
        }

        model.CompileInPlace();
        return model;
    }

    private static void Add(RuntimeTypeModel model, Type type, HashSet<Type> added)
    {
        if (!added.Add(type))
        {
            return;
        }

        if (type.IsEnum)
        {
            model.Add(type, applyDefaultBehaviour: true);
            return;
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(property => property.MetadataToken)
            .ToArray();
        foreach (var property in properties)
        {
            var element = Element(property.PropertyType);
            if (element.Namespace?.StartsWith("Qube.", StringComparison.Ordinal) == true)
            {
                Add(model, element, added);
            }
        }

        var meta = model.Add(type, applyDefaultBehaviour: false);
        meta.UseConstructor = true;
        var blank = Activator.CreateInstance(type)!;
        for (var index = 0; index < properties.Length; index++)
        {
            var property = properties[index];
            var field = meta.AddField(index + 1, property.Name);
            var element = Element(property.PropertyType);
            if (IsSigned(element))
            {
                field.DataFormat = DataFormat.ZigZag;
            }

            if (property.PropertyType.IsArray && element != typeof(byte))
            {
                field.IsPacked = element.IsPrimitive;
                field.OverwriteList = true;
            }
            else if ((property.PropertyType.IsPrimitive || property.PropertyType.IsEnum || property.PropertyType == typeof(string))
                && property.GetValue(blank) is { } value)
            {
                field.DefaultValue = value;
            }
        }
    }

    private static Type Element(Type type) => type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsSigned(Type type) => type == typeof(int) || type == typeof(long);
}
