// Model files as read-only data: src/embedded_models.cpp says what they are.
    .section .rodata
    .balign 64
    .global triaged_task_model_begin
    .global triaged_task_model_end
triaged_task_model_begin:
    .incbin TASK_MODEL
triaged_task_model_end:
    .section .note.GNU-stack, "", %progbits
