package org.emrexhub.pipeline;

import java.io.File;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.springframework.stereotype.Component;

/** Which files of a drop folder are looked at as answers: Camel would follow links and open pipes. */
@Component("answerFiles")
class AnswerFiles implements GenericFileFilter<File> {

    private final DroppedFiles files;

    AnswerFiles(DroppedFiles files) {
        this.files = files;
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        return file.isDirectory() || files.isAnswer(file.getFile().toPath());
    }
}
